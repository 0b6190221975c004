/// What a call can be and become: the contract's table of calls, as states whose transitions exist only where they
/// are legal.
///
/// Everything here is pure: times, ids and what Chime said are arguments, and what comes out is the state after the
/// change and what everybody is told of it. Who may do what is [com.pantherkolab.api.callstate.CallRules]; what it
/// does is a method of a [com.pantherkolab.api.callstate.CallState]. The deadlines stand in the state, so that they
/// hold at any look at it, whether or not a timer came.
@NullMarked
package com.pantherkolab.api.callstate;

import org.jspecify.annotations.NullMarked;
