package yolompi.distributed.ddp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BucketPlanTest {
    @Test
    void lastParametersComeFirstAndBucketsStayBelowTheLimit() {
        BucketReducer.BucketPlan plan = BucketReducer.BucketPlan.of(List.of(5L, 3L, 4L, 4L), 8);

        assertThat(plan.buckets()).containsExactly(List.of(3, 2), List.of(1, 0));
        assertThat(plan.bucketOf()).containsExactly(1, 1, 0, 0);
    }

    @Test
    void parameterLargerThanTheLimitHasItsOwnBucket() {
        assertThat(BucketReducer.BucketPlan.of(List.of(2L, 100L, 2L), 8).buckets())
                .containsExactly(List.of(2), List.of(1), List.of(0));
    }
}
