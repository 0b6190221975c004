@NullMarked
package com.pantherkolab.local.aws;

import org.jspecify.annotations.NullMarked;
