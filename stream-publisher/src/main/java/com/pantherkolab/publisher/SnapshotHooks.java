package com.pantherkolab.publisher;

import org.crac.Context;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the publisher does around its snapshot (SnapStart), from which its instances are restored.
///
/// Before it, the function is rehearsed once by a twin that is thrown away, so that the classes of an invocation
/// are loaded and no restored instance loads them again; and no connection of its own is left open, for none would
/// outlive the snapshot. After a restore it forgets whatever it remembers: an instance begins as a new one would.
///
/// A rehearsal that fails is told by the log. It keeps nobody from taking the snapshot: the first invocation after
/// a restore is slower then, and no less right.
final class SnapshotHooks implements Resource {
    private static final Logger log = LoggerFactory.getLogger(SnapshotHooks.class);

    private final Runnable rehearsal;
    private final Runnable hangUp;
    private final Runnable forget;

    private SnapshotHooks(Runnable rehearsal, Runnable hangUp, Runnable forget) {
        this.rehearsal = rehearsal;
        this.hangUp = hangUp;
        this.forget = forget;
    }

    /// Makes them known to whoever takes snapshots; where nobody does, nothing comes of it.
    ///
    /// @param snapshots keeps them weakly: whoever makes them has to hold them
    /// @param rehearsal may fail
    /// @param hangUp closes the connections
    /// @param forget gives up what is remembered
    static SnapshotHooks register(Context<Resource> snapshots, Runnable rehearsal, Runnable hangUp, Runnable forget) {
        SnapshotHooks hooks = new SnapshotHooks(rehearsal, hangUp, forget);
        snapshots.register(hooks);
        return hooks;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        try {
            rehearsal.run();
            log.info("rehearsed");
        } catch (RuntimeException | LinkageError failure) {
            log.warn("not rehearsed", failure);
        }
        hangUp.run();
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        forget.run();
        log.info("restored");
    }
}
