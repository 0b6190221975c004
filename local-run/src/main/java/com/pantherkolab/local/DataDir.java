package com.pantherkolab.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/// `local.data-dir`: what local run keeps, so that a restart goes on where the last run ended, also after `kill
/// -9`.
///
/// `local.db` has the tables and their streams, `positions` how far each mapping has handled each shard, `failures`
/// what was given up. One local run at a time: it is locked while one runs. What lies in it belongs to the template
/// of the time; tables that the template has changed since are not changed.
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
        return new StreamPositions() {
            @Override
            public SequenceNumber after(String mapping, String shard) {
                return read(position(mapping, shard)).map(SequenceNumber::new).orElse(SequenceNumber.HORIZON);
            }

            @Override
            public void keep(String mapping, String shard, SequenceNumber position) {
                replace(position(mapping, shard), position.text());
            }
        };
    }

    /// A bucket that is a folder.
    FailureDestination failures() {
        return (key, document) -> replace(folder.resolve("failures").resolve(key), document);
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

    private Path position(String mapping, String shard) {
        return folder.resolve("positions").resolve(mapping).resolve(shard);
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Either the old content or the new is there at any time, and the new is when this returns.
    private static void replace(Path file, String content) {
        Path parent = Objects.requireNonNull(file.getParent());
        Path temporary = parent.resolve(file.getFileName() + ".new");
        try {
            Files.createDirectories(parent);
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                channel.write(StandardCharsets.UTF_8.encode(content));
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
