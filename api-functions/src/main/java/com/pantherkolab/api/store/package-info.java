/// The committed state: what can be read, and the one way to change it.
///
/// [com.pantherkolab.api.store.Change] is sealed. What others can see is an `Announced` change and carries its
/// outbox entry, so that no such change can be written without its event.
@NullMarked
package com.pantherkolab.api.store;

import org.jspecify.annotations.NullMarked;
