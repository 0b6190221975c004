package com.pantherkolab.api.store;

/// The store did not answer a read: an outage, not a fault of the caller's. Nothing was written.
public final class StoreUnavailable extends RuntimeException {
    StoreUnavailable(Throwable cause) {
        super(cause.getClass().getSimpleName(), cause);
    }
}
