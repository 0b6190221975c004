@NullMarked
package com.pantherkolab.local.lambda;

import org.jspecify.annotations.NullMarked;
