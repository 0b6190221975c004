/// What joins a request, the change that it makes and the event's publication: for whoever reads the logs, and for
/// nobody who decides anything.
@NullMarked
package com.pantherkolab.api.trace;

import org.jspecify.annotations.NullMarked;
