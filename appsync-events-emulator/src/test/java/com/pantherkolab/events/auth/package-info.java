/// Who is calling, held to published vectors.
@NullMarked
package com.pantherkolab.events.auth;

import org.jspecify.annotations.NullMarked;
