@NullMarked
package com.pantherkolab.api.store;

import org.jspecify.annotations.NullMarked;
