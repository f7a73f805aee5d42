package yolompi.eval.metric;

/** Pascal VOC's definitions of average precision. */
public enum VocProtocol {
    /** The mean of the best precision at recalls 0, 0.1 … 1 or higher; 2007 to 2009. */
    VOC07 {
        @Override
        double average(double[] recalls, double[] best) {
            double sum = 0;
            int at = 0;
            for (int point = 0; point <= 10; point++) {
                // The comparison of the devkit: 3 × 0.1 is one bit more than a recall of 3 / 10.
                while (at < recalls.length && recalls[at] < point * 0.1) {
                    at++;
                }
                sum += at < recalls.length ? best[at] : 0;
            }
            return sum / 11;
        }
    },
    /** The area under the curve of the best precision at each recall or higher; since 2010. */
    VOC12 {
        @Override
        double average(double[] recalls, double[] best) {
            double area = 0;
            double before = 0;
            for (int i = 0; i < recalls.length; i++) {
                area += (recalls[i] - before) * best[i];
                before = recalls[i];
            }
            return area;
        }
    };

    /**
     * Average precision.
     *
     * @param recalls recall after each detection, best score first
     * @param best the best precision after this or a later detection
     */
    abstract double average(double[] recalls, double[] best);
}
