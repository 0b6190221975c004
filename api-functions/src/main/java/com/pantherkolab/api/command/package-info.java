/// How a command runs: read, decide, write, in this order and no other.
///
/// A decision is a value. Refusals are values too; exceptions are bugs or outages.
@NullMarked
package com.pantherkolab.api.command;

import org.jspecify.annotations.NullMarked;
