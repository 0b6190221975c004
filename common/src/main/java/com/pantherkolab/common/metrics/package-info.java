/// The figures that this house tells of itself: one page that names them ([Metric]), one way to tell them
/// ([Metrics]), and the form in which CloudWatch takes them from a log ([EmbeddedMetrics]).
@NullMarked
package com.pantherkolab.common.metrics;

import org.jspecify.annotations.NullMarked;
