package com.pantherkolab.local;

import com.pantherkolab.local.aws.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// `local.data-dir`: what local run keeps, so that a restart goes on where the last run ended, also after `kill
/// -9`.
///
/// `local.db` has the tables and their streams, `positions` how far each mapping has handled each shard, `aws` the
/// messages of the queues and the objects of the buckets. One local run at a time: it is locked while one runs.
/// What lies in it belongs to the template of the time; tables that the template has changed since are not changed.
final class DataDir implements AutoCloseable {
    private final Path folder;
    private final FileChannel lock;

    private DataDir(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /// Takes a folder, which is made if there is none.
    ///
    /// @throws IllegalStateException if another local run has it
    static DataDir open(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            channel.close();
            throw new IllegalStateException("another local run keeps its data in " + folder);
        }
        return new DataDir(folder, channel);
    }

    /// The lock is the process's: it ends with it, also by `kill -9`.
    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // Held in this very process.
            return false;
        }
    }

    /// The file of DynamoDB Local.
    Path database() {
        return folder.resolve("local.db");
    }

    /// Positions that outlive the process.
    StreamPositions positions() {
        KeptFolder positions = new KeptFolder(folder.resolve("positions"));
        return new StreamPositions() {
            @Override
            public SequenceNumber after(String mapping, String shard) {
                byte[] kept = positions.part(mapping).files().get(shard);
                return kept == null
                        ? SequenceNumber.HORIZON
                        : new SequenceNumber(new String(kept, StandardCharsets.UTF_8));
            }

            @Override
            public void keep(String mapping, String shard, SequenceNumber position) {
                positions.part(mapping).put(shard, position.text().getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    /// What the stand-ins of AWS hold.
    Kept aws() {
        return new KeptFolder(folder.resolve("aws"));
    }

    /// Gives the folder to others.
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
