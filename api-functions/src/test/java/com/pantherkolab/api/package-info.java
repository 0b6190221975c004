@NullMarked
package com.pantherkolab.api;

import org.jspecify.annotations.NullMarked;
