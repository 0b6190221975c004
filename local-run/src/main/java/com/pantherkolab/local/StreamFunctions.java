package com.pantherkolab.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.pantherkolab.local.StreamFunction.NotInvoked;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/// The functions that streams feed, by the name of their bean.
///
/// A bean is made when it is first invoked, as Lambda starts a function for its first event; one that cannot be
/// made is not invoked, and asked for again.
final class StreamFunctions {
    private static final ResolvableType TYPE = ResolvableType.forClassWithGenerics(
            Function.class,
            ResolvableType.forClassWithGenerics(Message.class, DynamodbEvent.class),
            ResolvableType.forClass(StreamsEventResponse.class));

    private final ListableBeanFactory beans;

    StreamFunctions(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /// The function of this name.
    ///
    /// @throws IllegalStateException if there is no such bean, or one that takes something else than a stream's
    /// batch
    StreamFunction named(String name) {
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, TYPE)) {
            throw new IllegalStateException("a stream feeds %s, which is no %s".formatted(name, TYPE));
        }
        return (event, context) -> bean(name).apply(message(event, context));
    }

    /// Bytes in, bytes out, as the Lambda runtime hands them to the adapter.
    static byte[] invoke(StreamFunction function, byte[] event, Context context) {
        ClassLoader loader = StreamFunctions.class.getClassLoader();
        PojoSerializer<DynamodbEvent> events = LambdaEventSerializers.serializerFor(DynamodbEvent.class, loader);
        PojoSerializer<StreamsEventResponse> responses =
                LambdaEventSerializers.serializerFor(StreamsEventResponse.class, loader);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try {
            responses.toJson(function.invoke(events.fromJson(new ByteArrayInputStream(event)), context), answer);
        } catch (NotInvoked notInvoked) {
            throw new IllegalStateException(notInvoked);
        }
        return answer.toByteArray();
    }

    private static Message<DynamodbEvent> message(DynamodbEvent event, Context context) {
        return MessageBuilder.withPayload(event)
                .setHeader(AWSLambdaUtils.AWS_CONTEXT, context)
                .build();
    }

    @SuppressWarnings("unchecked") // Of this type, or `named` would have refused it.
    private Function<Message<DynamodbEvent>, StreamsEventResponse> bean(String name) throws NotInvoked {
        try {
            return beans.getBean(name, Function.class);
        } catch (BeansException failed) {
            throw new NotInvoked("the function could not be started", failed);
        }
    }
}
