@NullMarked
package com.pantherkolab.api.trace;

import org.jspecify.annotations.NullMarked;
