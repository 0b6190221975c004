@NullMarked
package com.pantherkolab.common;

import org.jspecify.annotations.NullMarked;
