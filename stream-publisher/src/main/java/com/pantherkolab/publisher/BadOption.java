package com.pantherkolab.publisher;

/// An option of a replay that makes no sense. The message is for whoever gave it.
final class BadOption extends Exception {
    private static final long serialVersionUID = 1L;

    private final String option;

    /// @param option its name in the request
    /// @param what what it has to be
    BadOption(String option, String what) {
        super(what, null, false, false);
        this.option = option;
    }

    String option() {
        return option;
    }

    /// What it has to be.
    String what() {
        return String.valueOf(getMessage());
    }
}
