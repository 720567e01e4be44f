//! The allocator of the program: mimalloc, and huge pages for what is large.
//!
//! An evaluation of thousands of services fills tens of MiB of an arena and reads them all over the
//! place. Of pages of 4 KiB that is ten thousand faults, and a miss of the processor's table of pages
//! at every other value. The arena asks for 4 MiB at first, and then for twice as much as before.
//!
//! Architecture Invariant: this is the only crate with unsafe code.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys::{
    mi_free, mi_malloc, mi_malloc_aligned, mi_realloc, mi_realloc_aligned, mi_zalloc,
    mi_zalloc_aligned,
};

#[cfg(target_os = "linux")]
mod large;
/// Other systems have huge pages of other sizes, or none to ask for.
#[cfg(not(target_os = "linux"))]
mod large {
    use std::alloc::Layout;

    pub(crate) fn is_large(_size: usize) -> bool {
        false
    }

    pub(crate) fn alloc(_layout: Layout) -> *mut u8 {
        std::ptr::null_mut()
    }

    pub(crate) unsafe fn dealloc(_block: *mut u8, _layout: Layout) {}

    pub(crate) fn is_alike(_old: usize, _new: usize) -> bool {
        false
    }
}

use large::is_large;

/// The alignment of any block of mimalloc that is at least as large (bytes); smaller ones are aligned
/// as their size is. That of other allocators for C is the same.
const ALIGNED: usize = 16;

pub struct Allocator;

/// Whether every block of a size is aligned enough. To ask for the alignment takes twice as long.
#[inline]
fn is_aligned(size: usize, layout: Layout) -> bool {
    layout.align() <= ALIGNED && layout.align() <= size
}

// SAFETY: a block is a mapping of its own where the size of its layout is large, and mimalloc's where
// not; so whoever has its layout knows whose it is. Mimalloc frees and resizes any block of its own,
// whatever alignment it was asked for. What is given is at least as large and as aligned as the layout
// says.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        if is_large(size) {
            return large::alloc(layout);
        }
        // SAFETY: the alignment is a power of two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_malloc(size),
                false => mi_malloc_aligned(size, layout.align()),
            }
        };
        block.cast()
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if is_large(layout.size()) {
            // SAFETY: the caller promises that it is a block of this layout.
            return unsafe { large::dealloc(block, layout) };
        }
        // SAFETY: the caller promises that it is a block of this allocator.
        unsafe { mi_free(block.cast()) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        if is_large(size) {
            // What the system gives is zero.
            return large::alloc(layout);
        }
        // SAFETY: the alignment is a power of two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_zalloc(size),
                false => mi_zalloc_aligned(size, layout.align()),
            }
        };
        block.cast()
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if is_large(layout.size()) || is_large(size) {
            // SAFETY: the caller's promise is that of this function.
            return unsafe { self.moved(block, layout, size) };
        }
        // SAFETY: the caller promises that it is a block of this allocator, which is not large; the
        // alignment is a power of two.
        let block = unsafe {
            match is_aligned(size, layout) {
                true => mi_realloc(block.cast(), size),
                false => mi_realloc_aligned(block.cast(), size, layout.align()),
            }
        };
        block.cast()
    }
}

impl Allocator {
    /// `realloc` where the block is large or is to be.
    ///
    /// # Safety
    ///
    /// As for [`GlobalAlloc::realloc`].
    #[cold]
    unsafe fn moved(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if large::is_alike(layout.size(), size) {
            return block;
        }
        let Ok(new) = Layout::from_size_align(size, layout.align()) else {
            return std::ptr::null_mut();
        };
        // SAFETY: the caller promises that the sizes are not zero and the block is one of its layout;
        // the new one is another, and both are as long as what is copied.
        unsafe {
            let moved = self.alloc(new);
            if !moved.is_null() {
                block.copy_to_nonoverlapping(moved, size.min(layout.size()));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::alloc::{GlobalAlloc, Layout};

    use super::Allocator;
    use super::large::{HUGE, SPARED};

    #[global_allocator]
    static ALLOCATOR: Allocator = Allocator;

    fn numbers(len: usize) -> Vec<u64> {
        let mut numbers = Vec::with_capacity(len);
        numbers.extend(0..len as u64);
        numbers
    }

    #[test]
    fn large_blocks_begin_at_a_huge_page() {
        for size in [HUGE - SPARED, HUGE, HUGE + 1, 5 * HUGE] {
            let block = Vec::<u8>::with_capacity(size);
            assert_eq!(block.as_ptr() as usize % HUGE, 0, "{size} bytes");
        }
    }

    #[test]
    fn blocks_are_as_aligned_as_they_have_to_be() {
        for align in [1, 2, 4, 8, 16, 32, 64, 4096] {
            for size in (1..=64).chain([100, 1000, 10_000, HUGE - SPARED, 2 * HUGE]) {
                let layout = Layout::from_size_align(size, align).expect("it is a power of two");
                // SAFETY: the size is not zero, and each block is freed with its layout.
                unsafe {
                    for block in [ALLOCATOR.alloc(layout), ALLOCATOR.alloc_zeroed(layout)] {
                        assert_eq!(block as usize % align, 0, "{size} bytes aligned to {align}");
                        let grown = ALLOCATOR.realloc(block, layout, size + 8);
                        assert_eq!(grown as usize % align, 0, "{size} bytes aligned to {align}");
                        let layout = Layout::from_size_align(size + 8, align).expect("it is one");
                        ALLOCATOR.dealloc(grown, layout);
                    }
                }
            }
        }
    }

    #[test]
    fn blocks_keep_what_they_hold_when_they_grow_and_shrink() {
        for len in [1, 1000, HUGE / 8 - SPARED, HUGE / 8, HUGE, 3 * HUGE / 8 + 1] {
            let mut grown = numbers(len);
            grown.reserve_exact(len + HUGE);
            assert!(grown.iter().copied().eq(0..len as u64));
            grown.truncate(len / 2);
            grown.shrink_to_fit();
            assert!(grown.iter().copied().eq(0..len as u64 / 2));
        }
    }

    #[test]
    fn blocks_do_not_overlap() {
        let blocks: Vec<Vec<u64>> = (1..8).map(|many| numbers(many * (HUGE / 16))).collect();
        for block in &blocks {
            assert!(block.iter().copied().eq(0..block.len() as u64));
        }
    }

    #[test]
    fn what_no_machine_has_is_refused() {
        let mut none = Vec::<u8>::new();
        assert!(none.try_reserve_exact(isize::MAX as usize - 1).is_err());
    }
}
