/// TODO
@NullMarked
package com.pantherkolab.events;

import org.jspecify.annotations.NullMarked;
