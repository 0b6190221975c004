package com.pantherkolab.api;

import org.crac.Context;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a function does around its snapshot (SnapStart), from which its instances are restored.
///
/// Before it, the function is rehearsed once, so that the classes of a request are loaded and no restored instance
/// loads them again. What is rehearsed is a twin, which is thrown away: the function itself is in the snapshot as
/// it was made, and has neither a connection nor credentials that could be old. So there is nothing to be done
/// after a restore.
///
/// A rehearsal that fails is told by the log. It keeps nobody from taking the snapshot: the first request after a
/// restore is slower then, and no less right.
final class SnapshotHooks implements Resource {
    private static final Logger log = LoggerFactory.getLogger(SnapshotHooks.class);

    private final String function;
    private final Runnable rehearsal;

    private SnapshotHooks(String function, Runnable rehearsal) {
        this.function = function;
        this.rehearsal = rehearsal;
    }

    /// Makes them known to whoever takes snapshots; where nobody does, nothing comes of it.
    ///
    /// @param snapshots keeps them weakly: whoever makes them has to hold them
    /// @param function the function's bean
    static SnapshotHooks register(Context<Resource> snapshots, String function, Runnable rehearsal) {
        SnapshotHooks hooks = new SnapshotHooks(function, rehearsal);
        snapshots.register(hooks);
        return hooks;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        try {
            rehearsal.run();
            log.atInfo().addKeyValue("function", function).log("rehearsed");
        } catch (RuntimeException | LinkageError failure) {
            log.atWarn().addKeyValue("function", function).setCause(failure).log("not rehearsed");
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        log.atInfo().addKeyValue("function", function).log("restored");
    }
}
