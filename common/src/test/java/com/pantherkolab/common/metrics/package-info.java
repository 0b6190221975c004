@NullMarked
package com.pantherkolab.common.metrics;

import org.jspecify.annotations.NullMarked;
