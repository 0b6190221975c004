@NullMarked
package com.pantherkolab.api.command;

import org.jspecify.annotations.NullMarked;
