/// The contract's table of calls, held against [com.pantherkolab.api.callstate.CallRules].
@NullMarked
package com.pantherkolab.api.callstate;

import org.jspecify.annotations.NullMarked;
