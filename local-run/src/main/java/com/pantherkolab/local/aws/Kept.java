package com.pantherkolab.local.aws;

import java.util.SortedMap;
import java.util.TreeMap;

/// Files that outlive the process, where the stand-ins keep what they hold.
///
/// A file is there as a whole or not at all, and it is there when [#put] returns. Names are of letters, digits,
/// hyphens, underscores and dots, and begin with no dot.
public interface Kept {
    /// Nothing outlives the process.
    Kept NOTHING = new Kept() {
        @Override
        public Kept part(String name) {
            return this;
        }

        @Override
        public void put(String name, byte[] content) {}

        @Override
        public void remove(String name) {}

        @Override
        public SortedMap<String, byte[]> files() {
            return new TreeMap<>();
        }
    };

    /// A part of it with files of its own.
    Kept part(String name);

    /// Keeps a file, in place of one of the same name.
    void put(String name, byte[] content);

    /// Forgets a file, if it is there.
    void remove(String name);

    /// Every file, but for those of its parts.
    SortedMap<String, byte[]> files();
}
