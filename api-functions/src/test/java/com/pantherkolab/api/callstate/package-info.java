@NullMarked
package com.pantherkolab.api.callstate;

import org.jspecify.annotations.NullMarked;
