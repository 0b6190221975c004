/// The edge: from API Gateway's event to a command, and from an outcome to an answer.
///
/// Everything that a caller can get wrong in form is refused here, with every bad field named at once. It is the
/// only place that catches an exception, and the only one that knows HTTP.
@NullMarked
package com.pantherkolab.api.http;

import org.jspecify.annotations.NullMarked;
