package com.pantherkolab.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.common.Json;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

class EventFilterTest {
    private static final String RECORD = """
            {"eventName":"INSERT","dynamodb":{"Keys":{"part":{"S":"call"}},"SizeBytes":12,
             "NewImage":{"tags":{"SS":["red","blue"]},"open":{"BOOL":true},"by":{"NULL":true}}}}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"eventName\":[\"INSERT\"]} | true",
                "{\"eventName\":[\"MODIFY\",\"INSERT\"]} | true",
                "{\"eventName\":[\"REMOVE\"]} | false",
                "{\"eventName\":[\"INSERT\",\"MODIFY\"],\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[\"call\"]}}}} | true",
                "{\"eventName\":[\"MODIFY\"],\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[\"call\"]}}}} | false",
                "{\"eventName\":[\"INSERT\"],\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[\"join\"]}}}} | false",
                "{\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[{\"prefix\":\"ca\"}]}}}} | true",
                "{\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[{\"prefix\":\"all\"}]}}}} | false",
                "{\"dynamodb\":{\"SizeBytes\":[12]}} | true",
                "{\"dynamodb\":{\"SizeBytes\":[{\"prefix\":\"1\"}]}} | false",
                "{\"dynamodb\":{\"NewImage\":{\"open\":{\"BOOL\":[true]}}}} | true",
                "{\"dynamodb\":{\"NewImage\":{\"open\":{\"BOOL\":[false]}}}} | false",
                "{\"dynamodb\":{\"NewImage\":{\"tags\":{\"SS\":[\"blue\"]}}}} | true",
                "{\"dynamodb\":{\"NewImage\":{\"tags\":{\"SS\":[\"green\"]}}}} | false",
                "{\"dynamodb\":{\"NewImage\":{\"gone\":{\"S\":[{\"exists\":false}]}}}} | true",
                "{\"dynamodb\":{\"NewImage\":{\"open\":{\"BOOL\":[{\"exists\":false}]}}}} | false",
                "{\"dynamodb\":{\"NewImage\":{\"open\":{\"BOOL\":[{\"exists\":true}]}}}} | true",
                "{\"dynamodb\":{\"OldImage\":{\"open\":{\"BOOL\":[{\"exists\":true}]}}}} | false",
                "{\"eventName\":[{\"anything-but\":\"REMOVE\"}]} | true",
                "{\"eventName\":[{\"anything-but\":[\"REMOVE\",\"INSERT\"]}]} | false",
                "{\"gone\":[{\"anything-but\":\"REMOVE\"}]} | false",
                "{\"gone\":[\"INSERT\"]} | false"
            })
    void aRecordPassesWhereThePatternMatches(String pattern, boolean passes) {
        assertThat(EventFilter.of(pattern).passes(Json.mapper().readTree(RECORD)))
                .isEqualTo(passes);
    }

    @Test
    void ofSeveralPatternsOneIsEnoughAndWithoutAnyEverythingPasses() {
        var record = Json.mapper().readTree(RECORD);

        assertThat(EventFilter.of("{\"eventName\":[\"REMOVE\"]}", "{\"eventName\":[\"INSERT\"]}")
                        .passes(record))
                .isTrue();
        assertThat(EventFilter.of("{\"eventName\":[\"REMOVE\"]}", "{\"eventName\":[\"MODIFY\"]}")
                        .passes(record))
                .isFalse();
        assertThat(EventFilter.of().passes(record)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"eventName\":[{\"suffix\":\"T\"}]}",
                "{\"dynamodb\":{\"SizeBytes\":[{\"numeric\":[\">\",1]}]}}",
                "{\"$or\":[{\"eventName\":[\"INSERT\"]}]}",
                "{\"eventName\":[{\"anything-but\":{\"prefix\":\"I\"}}]}",
                "{\"eventName\":[{\"prefix\":\"I\",\"exists\":true}]}",
                "{\"eventName\":[]}",
                "{\"eventName\":\"INSERT\"}",
                "{}",
                "not json"
            })
    void whatIsNotCarriedOutIsRefusedByName(String pattern) {
        assertThatThrownBy(() -> EventFilter.of(pattern))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void moreThanFiveFiltersAreRefused() {
        String filter = "{ Pattern: '{\"eventName\":[\"INSERT\"]}' },";

        assertThatThrownBy(() ->
                        EventFilter.read(Pumped.section("FilterCriteria: { Filters: [ " + filter.repeat(6) + " ] }")))
                .hasMessageContaining("more than 5");
    }

    @Test
    void itIsAskedAboutTheRecordAsLambdaSeesIt() {
        Record record = ScriptedStreams.record(1, OperationType.MODIFY, "x", 10, Instant.EPOCH).toBuilder()
                .dynamodb(change -> change.keys(Map.of("part", AttributeValue.fromS("call")))
                        .newImage(Map.of("version", AttributeValue.fromN("7")))
                        .approximateCreationDateTime(Instant.EPOCH)
                        .sizeBytes(1L)
                        .sequenceNumber("1"))
                .build();
        EventFilter filter = EventFilter.of(
                "{\"eventName\":[\"MODIFY\"],\"dynamodb\":{\"Keys\":{\"part\":{\"S\":[\"call\"]}},\"NewImage\":{\"version\":{\"N\":[\"7\"]}}}}");

        assertThat(filter.passes(RecordJson.record(record, "arn"))).isTrue();
    }
}
