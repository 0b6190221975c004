/// TODO
@NullMarked
package com.pantherkolab.publisher;

import org.jspecify.annotations.NullMarked;
