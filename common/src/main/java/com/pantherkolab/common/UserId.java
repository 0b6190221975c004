package com.pantherkolab.common;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// The `sub` of a user, which is also the segment that names the user's channels.
///
/// It promises to be a legal AppSync channel segment: 1 to 50 letters, digits and inner hyphens, case-sensitive. It
/// does not promise that such a user exists.
///
/// @param value the text of the id
public record UserId(String value) implements Comparable<UserId> {
    // AppSync Events: https://docs.aws.amazon.com/appsync/latest/eventapi/channel-namespaces.html
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?");

    /// Whether [text][UserId#value] may stand as a user id.
    public static boolean isValid(String text) {
        return SEGMENT.matcher(text).matches();
    }

    @JsonCreator
    public UserId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a channel segment");
        }
    }

    @JsonValue
    @Override
    public String value() {
        return value;
    }

    @Override
    public int compareTo(UserId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
