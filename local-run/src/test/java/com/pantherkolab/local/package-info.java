@NullMarked
package com.pantherkolab.local;

import org.jspecify.annotations.NullMarked;
