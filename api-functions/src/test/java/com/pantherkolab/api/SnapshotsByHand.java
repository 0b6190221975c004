package com.pantherkolab.api;

import java.util.ArrayList;
import java.util.List;
import org.crac.CheckpointException;
import org.crac.Context;
import org.crac.Resource;
import org.crac.RestoreException;

/// Takes no snapshot, and calls the hooks as Lambda does around one: before it who came last comes first, after it
/// who came first.
final class SnapshotsByHand extends Context<Resource> {
    private final List<Resource> resources = new ArrayList<>();

    @Override
    public void register(Resource resource) {
        resources.add(resource);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws CheckpointException {
        CheckpointException failures = new CheckpointException();
        for (Resource resource : resources.reversed()) {
            try {
                resource.beforeCheckpoint(this);
            } catch (Exception failure) {
                failures.addSuppressed(failure);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) throws RestoreException {
        RestoreException failures = new RestoreException();
        for (Resource resource : resources) {
            try {
                resource.afterRestore(this);
            } catch (Exception failure) {
                failures.addSuppressed(failure);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    /// Nobody is registered any more.
    void forgetAll() {
        resources.clear();
    }

    void checkpoint() throws CheckpointException {
        beforeCheckpoint(this);
    }

    void restore() throws RestoreException {
        afterRestore(this);
    }
}
