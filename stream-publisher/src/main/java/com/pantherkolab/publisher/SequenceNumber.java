package com.pantherkolab.publisher;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// A record's place in its stream shard: a decimal number of up to 40 digits, as DynamoDB writes it.
///
/// It compares as a number, because the texts differ in length; it is given back as the very text that came,
/// because that is what the event source mapping looks for. A replay, which has no stream, numbers its entries
/// itself.
///
/// @param text the digits
record SequenceNumber(String text) implements Comparable<SequenceNumber> {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");

    static boolean isValid(String text) {
        return DIGITS.matcher(text).matches();
    }

    SequenceNumber {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a sequence number");
        }
    }

    @Override
    public int compareTo(SequenceNumber other) {
        return new BigInteger(text).compareTo(new BigInteger(other.text));
    }

    @Override
    public String toString() {
        return text;
    }
}
