/// The law of state: for every mutation and every participant, *old state + the events received = new state read
/// back*.
///
/// [com.pantherkolab.api.law.ClientState] is the client's side: a reducer that knows the contract and nothing of
/// the server's decisions. [com.pantherkolab.api.law.Law] holds it against what is read back: after every method of
/// a handler's test, and under generated commands.
@NullMarked
package com.pantherkolab.api.law;

import org.jspecify.annotations.NullMarked;
