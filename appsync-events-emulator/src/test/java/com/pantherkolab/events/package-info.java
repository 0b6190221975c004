/// The emulator, held to the protocol over real sockets.
@NullMarked
package com.pantherkolab.events;

import org.jspecify.annotations.NullMarked;
