package com.pantherkolab.events.handler;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Map;
import java.util.Set;
import org.graalvm.polyglot.io.FileSystem;

/// A file system that holds a few modules under the names by which they are imported, and nothing else: to a
/// handler there are no other files, and none of these can be changed.
final class ModuleFiles implements FileSystem {

    private static final Path ROOT = Path.of("/").toAbsolutePath();

    private final Map<String, String> modules;

    ModuleFiles(Map<String, String> modules) {
        this.modules = Map.copyOf(modules);
    }

    @Override
    public Path parsePath(URI uri) {
        throw new UnsupportedOperationException("modules are imported by name");
    }

    @Override
    public Path parsePath(String name) {
        return Path.of(name);
    }

    @Override
    public Path toAbsolutePath(Path path) {
        return ROOT.resolve(path);
    }

    @Override
    public Path toRealPath(Path path, LinkOption... options) throws IOException {
        content(path);
        return toAbsolutePath(path).normalize();
    }

    @Override
    public void checkAccess(Path path, Set<? extends AccessMode> modes, LinkOption... options) throws IOException {
        content(path);
        if (modes.contains(AccessMode.WRITE)) {
            throw new IOException("modules are read-only");
        }
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return new Content(content(path).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return Map.of("isRegularFile", true, "isDirectory", false, "size", (long)
                content(path).length());
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        throw new IOException("modules are read-only");
    }

    @Override
    public void delete(Path path) throws IOException {
        throw new IOException("modules are read-only");
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        throw new IOException("modules are not listed");
    }

    private String content(Path path) throws IOException {
        Path name = ROOT.relativize(toAbsolutePath(path).normalize());
        String content = modules.get(name.toString().replace('\\', '/'));
        if (content == null) {
            throw new NoSuchFileException(name.toString());
        }
        return content;
    }

    /// Read-only bytes behind the interface that a file system must answer with.
    private static final class Content implements SeekableByteChannel {

        private final byte[] bytes;
        private int position;
        private boolean open = true;

        Content(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(ByteBuffer target) {
            int count = Math.min(target.remaining(), bytes.length - position);
            if (count <= 0) {
                return position < bytes.length ? 0 : -1;
            }
            target.put(bytes, position, count);
            position += count;
            return count;
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long newPosition) {
            position = Math.toIntExact(Math.min(newPosition, bytes.length));
            return this;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
