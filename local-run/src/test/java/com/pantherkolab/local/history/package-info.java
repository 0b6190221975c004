@NullMarked
package com.pantherkolab.local.history;

import org.jspecify.annotations.NullMarked;
