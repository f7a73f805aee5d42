package yolompi.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;

/**
 * ATen operator by name, for operators that the JavaCPP presets do not map ({@code _foreach_*},
 * {@code _fused_*}).
 */
public final class Operator {
    /** An optional argument that is not given. */
    public static final Object NONE = new Object();

    private final OperatorHandle handle;

    private Operator(OperatorHandle handle) {
        this.handle = handle;
    }

    /**
     * Finds an operator.
     *
     * @param name with namespace, such as {@code aten::_foreach_lerp_}
     * @param overload such as {@code Scalar}; empty for none
     */
    public static Operator named(String name, String overload) {
        return new Operator(Dispatcher.singleton().findSchemaOrThrow(name, overload));
    }

    /**
     * A list of tensors as an argument, converted once for many calls. Call it outside any pointer
     * scope.
     */
    public static IValue list(Iterable<Tensor> tensors) {
        return box(tensors);
    }

    /**
     * Calls an operator that changes its arguments in place.
     *
     * @param arguments in the order of the schema: {@code Tensor}, {@code Iterable<Tensor>} or
     *     {@link #list} for a list of tensors, {@code Double}, {@code Long}, {@code Boolean}, or
     *     {@link #NONE}
     */
    public void call(Object... arguments) {
        run(arguments);
    }

    /**
     * Calls an operator that returns a list of tensors.
     *
     * @param arguments as for {@link #call}
     */
    public List<Tensor> tensors(Object... arguments) {
        TensorVector vector = run(arguments).back().toTensorVector();
        List<Tensor> tensors = new ArrayList<>();
        for (long i = 0; i < vector.size(); i++) {
            tensors.add(new Tensor(vector.get(i))); // get returns a reference into the vector
        }
        return tensors;
    }

    private IValueVector run(Object... arguments) {
        IValueVector stack = new IValueVector();
        for (Object argument : arguments) {
            stack.push_back(box(argument));
        }
        Dispatcher.singleton().callBoxed(handle, stack);
        return stack;
    }

    private static IValue box(Object argument) {
        if (argument == NONE) {
            return new IValue();
        } else if (argument instanceof IValue value) {
            return value;
        } else if (argument instanceof Tensor tensor) {
            return new IValue(tensor);
        } else if (argument instanceof Double number) {
            return new IValue(number.doubleValue());
        } else if (argument instanceof Long number) {
            return new IValue(number.longValue());
        } else if (argument instanceof Boolean flag) {
            return new IValue(flag.booleanValue());
        } else if (argument instanceof Iterable<?> tensors) {
            // Give the element type as a TypePtr: other constructors are casts that crash.
            GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
            for (Object tensor : tensors) {
                list.push_back(new IValue((Tensor) tensor));
            }
            return new IValue(list);
        }
        throw new IllegalArgumentException("unsupported operator argument: " + argument.getClass()
                + "; expected Tensor, Iterable<Tensor>, Double, Long, Boolean or Operator.NONE");
    }
}
