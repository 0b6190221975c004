package com.pantherkolab.common.metrics;

/// Where figures are told.
///
/// It may be called from many threads, and it does not throw: what is not counted is still done.
public interface Metrics {
    /// Tells nobody.
    Metrics NONE = new Metrics() {
        @Override
        public void note(Metric metric, long value) {}

        @Override
        public void send() {}
    };

    /// Notes one value.
    ///
    /// @param value of a count how many more, of a level what it is now, of a time how many milliseconds
    void note(Metric metric, long value);

    /// Something is over that is told of as a whole: an invocation. What was noted until now goes out at the latest
    /// now; what is noted later belongs to the next.
    void send();

    /// One more.
    default void count(Metric metric) {
        note(metric, 1);
    }
}
