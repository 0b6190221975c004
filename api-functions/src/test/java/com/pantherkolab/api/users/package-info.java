@NullMarked
package com.pantherkolab.api.users;

import org.jspecify.annotations.NullMarked;
