/// What happened to a whole system, written down line by line, and a check of it that knows the contract alone.
///
/// Nothing here imports the house's own code, so that a mistake of the server's cannot be repeated by who checks
/// it.
@NullMarked
package com.pantherkolab.local.history;

import org.jspecify.annotations.NullMarked;
