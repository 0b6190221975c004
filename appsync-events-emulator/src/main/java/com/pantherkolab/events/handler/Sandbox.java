package com.pantherkolab.events.handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/// One JavaScript context with the namespaces' modules in it, for one thread at a time.
///
/// It can compute and nothing else. Text goes in and text comes out. Once it was stopped, or failed in a way that a
/// handler cannot catch, it is [spent][#isSpent()].
final class Sandbox implements AutoCloseable {

    /// Far more than a handler of 32 KB needs, and over within a second or two.
    private static final long STATEMENTS_PER_CALL = 5_000_000;

    private static final ModuleFiles FILES = new ModuleFiles(Map.of(
            "@aws-appsync/utils", resource("utils.mjs"),
            "appsync-emulator/verdict", resource("verdict.mjs")));
    private static final Source INVOKE = module("invoke.mjs", resource("invoke.mjs"));

    private final Map<String, String> code;
    private final Map<String, Value> modules = new HashMap<>();
    private final Context context;
    private final Value invoke;
    private boolean spent;

    Sandbox(Engine engine, Map<String, String> code) {
        this.code = code;
        this.context = Context.newBuilder("js")
                .engine(engine)
                .allowHostAccess(HostAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowIO(IOAccess.newBuilder().fileSystem(FILES).build())
                .option("js.esm-eval-returns-exports", "true")
                .resourceLimits(ResourceLimits.newBuilder()
                        .statementLimit(STATEMENTS_PER_CALL, null)
                        .build())
                // A handler's console would print events.
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .build();
        this.invoke = context.eval(INVOKE);
    }

    boolean exports(String namespace, String handler) throws SandboxException {
        return guarded(() ->
                invoke.getMember("exported").execute(module(namespace), handler).asBoolean());
    }

    String invoke(String namespace, String handler, String callContext, long epochMillis) throws SandboxException {
        return guarded(() -> invoke.getMember("invoke")
                .execute(module(namespace), handler, callContext, epochMillis)
                .asString());
    }

    boolean isSpent() {
        return spent;
    }

    @Override
    public void close() {
        context.close(true);
    }

    private Value module(String namespace) {
        return modules.computeIfAbsent(
                namespace, name -> context.eval(module(name + ".mjs", Objects.requireNonNull(code.get(name)))));
    }

    private interface Call<T> {
        T run();
    }

    private <T> T guarded(Call<T> call) throws SandboxException {
        context.resetLimits();
        try {
            return call.run();
        } catch (PolyglotException failure) {
            spent = true;
            throw new SandboxException(
                    failure.isSyntaxError() ? "it does not compile" : "it failed or ran for too long");
        }
    }

    private static Source module(String name, String code) {
        return Source.newBuilder("js", code, name)
                .mimeType("application/javascript+module")
                .buildLiteral();
    }

    private static String resource(String name) {
        try (InputStream in = Sandbox.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
