package yolompi.eval;

/** How Pascal VOC makes one number of precision and recall. */
public enum VocProtocol {
    /** The mean of the best precisions at recalls 0, 0.1 … 1 or beyond; 2007 to 2009. */
    VOC07 {
        @Override
        double average(double[] recalls, double[] best) {
            double sum = 0;
            int at = 0;
            for (int point = 0; point <= 10; point++) {
                // As the devkit compares: 3 × 0.1 is a bit more than a recall of 3 / 10.
                while (at < recalls.length && recalls[at] < point * 0.1) {
                    at++;
                }
                sum += at < recalls.length ? best[at] : 0;
            }
            return sum / 11;
        }
    },
    /** The area under the best precision at each recall or beyond; from 2010. */
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
     * @param recalls after each detection, best score first
     * @param best the best precision after that detection or a later one
     */
    abstract double average(double[] recalls, double[] best);
}
