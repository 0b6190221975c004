@NullMarked
package com.pantherkolab.api.http;

import org.jspecify.annotations.NullMarked;
