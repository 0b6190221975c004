package com.pantherkolab.publisher;

import com.pantherkolab.common.metrics.Metrics;
import com.pantherkolab.publisher.ReplayAnswer.Replayed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/// The function of an operator that publishes missed events again: JSON in, JSON out.
///
/// An answer that is not the last has `resume`, a token that is the whole request of the next invocation. A bad
/// option is an answer with `error`; only an outage or a bug is an exception, and then nothing is known but that
/// the last token still holds.
public final class ReplayEvents implements Function<InputStream, byte[]> {
    private final Replay replay;
    private final Duration invocationTime;
    private final Metrics metrics;

    /// @param invocationTime how long an invocation may take
    ReplayEvents(Replay replay, Duration invocationTime, Metrics metrics) {
        this.replay = replay;
        this.invocationTime = invocationTime;
        this.metrics = metrics;
    }

    @Override
    public byte[] apply(InputStream event) {
        try {
            return apply(event.readAllBytes(), _ -> {}).toJson();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The same, in this process.
    ///
    /// @param progress told of each portion
    ReplayAnswer apply(byte[] event, Consumer<Replayed> progress) {
        try {
            return replay.run(ReplayRequest.read(event), invocationTime, progress);
        } catch (BadOption bad) {
            return new ReplayAnswer.Refused(new ReplayAnswer.Problem(bad.option(), bad.what()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        } finally {
            metrics.send();
        }
    }
}
