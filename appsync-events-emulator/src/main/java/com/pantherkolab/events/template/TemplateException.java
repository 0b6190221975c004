package com.pantherkolab.events.template;

/// A template that cannot be used: not YAML, or a value that is missing or of the wrong kind. The message names the
/// place inside the template, and no value.
public final class TemplateException extends IllegalArgumentException {

    TemplateException(String message) {
        super(message);
    }

    TemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
