/// What the writing side and the publishing side share, and nothing else: ids, the time format, the JSON mapper,
/// the events and the outbox entry.
///
/// The story of this package is the seam between the two deployables. A mutation function decides, describes what
/// happened as an [com.pantherkolab.common.Event], addresses it to [com.pantherkolab.common.Channel]s and lays it
/// down as one [com.pantherkolab.common.OutboxEntry] in the transaction that changes the state. The stream function
/// reads the same entry back and publishes it. Neither knows the other.
///
/// It depends on the JDK, Jackson and JSpecify alone, so it holds no clock, no client and no configuration.
@NullMarked
package com.pantherkolab.common;

import org.jspecify.annotations.NullMarked;
