@NullMarked
package com.pantherkolab.api.calls;

import org.jspecify.annotations.NullMarked;
