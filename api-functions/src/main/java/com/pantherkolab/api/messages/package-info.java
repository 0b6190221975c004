/// Sending messages.
@NullMarked
package com.pantherkolab.api.messages;

import org.jspecify.annotations.NullMarked;
