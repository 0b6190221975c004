package com.pantherkolab.events.handler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.graalvm.polyglot.Engine;
import org.jspecify.annotations.Nullable;

/// A few sandboxes, made when they are needed, each lent to one caller at a time. More callers wait: a handler
/// takes less than a millisecond, a context takes megabytes.
final class SandboxPool implements AutoCloseable {

    private static final int SIZE = 2;

    private final Map<String, String> code;
    private final Semaphore permits = new Semaphore(SIZE, true);
    private final Deque<Sandbox> idle = new ArrayDeque<>();
    private @Nullable Engine engine;
    private boolean closed;

    SandboxPool(Map<String, String> code) {
        this.code = Map.copyOf(code);
    }

    interface Use<T> {
        T in(Sandbox sandbox) throws SandboxException;
    }

    <T> T run(Use<T> use) throws SandboxException {
        permits.acquireUninterruptibly();
        try {
            Sandbox sandbox = take();
            try {
                return use.in(sandbox);
            } finally {
                giveBack(sandbox);
            }
        } finally {
            permits.release();
        }
    }

    private synchronized Sandbox take() throws SandboxException {
        if (closed) {
            throw new SandboxException("the emulator is closed");
        }
        if (engine == null) {
            // A stock JDK interprets JavaScript; the engine would say so on every start.
            engine = Engine.newBuilder("js")
                    .option("engine.WarnInterpreterOnly", "false")
                    .build();
        }
        Sandbox sandbox = idle.pollFirst();
        return sandbox == null ? new Sandbox(engine, code) : sandbox;
    }

    private synchronized void giveBack(Sandbox sandbox) {
        if (closed || sandbox.isSpent()) {
            sandbox.close();
        } else {
            idle.addFirst(sandbox);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        idle.clear();
        if (engine != null) {
            engine.close(true);
        }
    }
}
