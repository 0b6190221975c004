/// Templates, good and bad.
@NullMarked
package com.pantherkolab.events.template;

import org.jspecify.annotations.NullMarked;
