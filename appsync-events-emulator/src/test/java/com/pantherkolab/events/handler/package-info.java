/// Handlers, well and badly behaved.
@NullMarked
package com.pantherkolab.events.handler;

import org.jspecify.annotations.NullMarked;
