/// Creating conversations.
@NullMarked
package com.pantherkolab.api.conversations;

import org.jspecify.annotations.NullMarked;
