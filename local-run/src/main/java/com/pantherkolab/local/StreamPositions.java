package com.pantherkolab.local;

/// How far each mapping has handled each shard, for the time after a restart.
interface StreamPositions {
    /// Behind which sequence number to go on; [SequenceNumber#HORIZON] if nothing was kept.
    SequenceNumber after(String mapping, String shard);

    /// Keeps a position, and has kept it when it returns.
    void keep(String mapping, String shard, SequenceNumber position);

    /// For what is itself gone after a restart.
    StreamPositions NONE = new StreamPositions() {
        @Override
        public SequenceNumber after(String mapping, String shard) {
            return SequenceNumber.HORIZON;
        }

        @Override
        public void keep(String mapping, String shard, SequenceNumber position) {}
    };
}
