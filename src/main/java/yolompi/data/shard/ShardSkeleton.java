package yolompi.data.shard;

import hdf.hdf5lib.H5;
import hdf.hdf5lib.HDF5Constants;
import java.nio.file.Path;

/**
 * An HDF5 file with the data sets of a shard, in their final types and sizes but without values.
 * JHDF5 would store a timestamp in each data set. This class uses the low-level HDF5 API without
 * timestamps, so that the same records always give the same file.
 */
final class ShardSkeleton implements AutoCloseable {
    private final long file;
    private final long properties;

    private ShardSkeleton(Path path) {
        file = H5.H5Fcreate(
                path.toString(), HDF5Constants.H5F_ACC_TRUNC, HDF5Constants.H5P_DEFAULT, HDF5Constants.H5P_DEFAULT);
        properties = H5.H5Pcreate(HDF5Constants.H5P_DATASET_CREATE);
        H5.H5Pset_obj_track_times(properties, false);
    }

    static ShardSkeleton create(Path path) {
        return new ShardSkeleton(path);
    }

    ShardSkeleton int32(String name, long length) {
        return add(name, HDF5Constants.H5T_STD_I32LE, length);
    }

    ShardSkeleton int64(String name, long length) {
        return add(name, HDF5Constants.H5T_STD_I64LE, length);
    }

    ShardSkeleton uint8(String name, long length) {
        return add(name, HDF5Constants.H5T_STD_U8LE, length);
    }

    ShardSkeleton float32(String name, long length) {
        return add(name, HDF5Constants.H5T_IEEE_F32LE, length);
    }

    /** @param bytes length of the longest text in UTF-8 */
    ShardSkeleton text(String name, long length, int bytes) {
        long type = H5.H5Tcopy(HDF5Constants.H5T_C_S1);
        H5.H5Tset_size(type, bytes);
        H5.H5Tset_strpad(type, HDF5Constants.H5T_STR_NULLPAD); // so that no terminating byte is needed
        H5.H5Tset_cset(type, HDF5Constants.H5T_CSET_UTF8);
        add(name, type, length);
        H5.H5Tclose(type);
        return this;
    }

    private ShardSkeleton add(String name, long type, long length) {
        long space = H5.H5Screate_simple(1, new long[] {length}, new long[] {length});
        long dataSet = H5.H5Dcreate(
                file, "/" + name, type, space, HDF5Constants.H5P_DEFAULT, properties, HDF5Constants.H5P_DEFAULT);
        H5.H5Dclose(dataSet);
        H5.H5Sclose(space);
        return this;
    }

    @Override
    public void close() {
        H5.H5Pclose(properties);
        H5.H5Fclose(file);
    }
}
