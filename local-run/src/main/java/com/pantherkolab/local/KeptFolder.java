package com.pantherkolab.local;

import com.pantherkolab.local.aws.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A folder of files each of which is there as a whole or not at all, also after `kill -9`.
///
/// @param folder made when the first file is kept
record KeptFolder(Path folder) implements Kept {
    private static final Pattern NAME = Pattern.compile("[-_A-Za-z0-9][-_.A-Za-z0-9]*");

    /// What a file is called until it is whole.
    private static final String UNFINISHED = ".new";

    @Override
    public KeptFolder part(String name) {
        return new KeptFolder(file(name));
    }

    @Override
    public void put(String name, byte[] content) {
        Path file = file(name);
        Path unfinished = file(name + UNFINISHED);
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void remove(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return files;
        }
        try (Stream<Path> listed = Files.list(folder)) {
            List<Path> whole = listed.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(UNFINISHED))
                    .toList();
            for (Path file : whole) {
                files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
            return files;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("no name of a file: " + name);
        }
        return folder.resolve(name);
    }
}
